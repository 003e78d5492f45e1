#pragma once
#include <stddef.h>
#include <stdint.h>

/// Continues a CRC-32C (Castagnoli polynomial 0x1EDC6F41, reflected) over `count` bytes. Start with 0.
/// Uses the processor's instruction where it has one, a table elsewhere. RFC 3720, appendix B.4.
uint32_t tailrace_crc32c(uint32_t crc, const void *bytes, size_t count);
