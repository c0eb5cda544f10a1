#ifndef TOCSIN_CCOMPRESSION_SHIM_H
#define TOCSIN_CCOMPRESSION_SHIM_H

#include <brotli/decode.h>
#include <libdeflate.h>
#include <zlib.h>
#include <zstd.h>

// A macro in zlib.h.
static inline int tocsin_inflate_init(z_stream *stream, int window_bits) {
    return inflateInit2(stream, window_bits);
}

#endif
