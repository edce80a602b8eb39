/* bytewise.h: the rival of the decoders: plain switches that build integers byte by byte.
 *
 * Each decodes a whole block into a struct of its own, as one writes it first, and returns the sum
 * that the benchmark compares. */
#ifndef VW_BENCH_RIVALS_BYTEWISE_H
#define VW_BENCH_RIVALS_BYTEWISE_H

#include <stddef.h>
#include <stdint.h>

uint64_t vw_bytewise_pitch(const unsigned char *block, size_t size);
uint64_t vw_bytewise_opra(const unsigned char *block, size_t size);
uint64_t vw_bytewise_dbn(const unsigned char *records, size_t size);

#endif
