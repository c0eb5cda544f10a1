/* The program's malloc is jemalloc (ARCHITECTURE.md says why). Nothing here is called: it is linked, and set. */

extern const char *malloc_conf;
