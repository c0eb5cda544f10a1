#include "allocator.h"

/* One arena: what the loop fetches the readers free, and two would keep both their freed pages. Those go back to the system within
   a second: sooner, most are taken right back, and each return stops the other threads for a moment (TLB). Above 4 kB a thread
   keeps none of its own. So the process stays as small as what it holds (jemalloc(3), TUNING). */
const char *malloc_conf = "narenas:1,dirty_decay_ms:1000,muzzy_decay_ms:0,lg_tcache_max:12";
