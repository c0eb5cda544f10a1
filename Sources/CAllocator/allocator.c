#include "allocator.h"

/* Two arenas: the loop that fetches, and those who read. Freed pages go back to the system within a second. Both keep the
   process as small as what it holds (jemalloc(3), TUNING). */
const char *malloc_conf = "narenas:2,dirty_decay_ms:1000,muzzy_decay_ms:0";
