import CPCRE2

/// A user's regular expression, compiled.
///
/// PCRE2: it has limits on the work of one match, so that no expression can hold the monitor up, and knows Unicode.
/// Letters match regardless of case unless the expression says `(?-i)`. Immutable: PCRE2's compiled code may be used
/// from several threads at once, each with match data of its own.
final class RegexPattern: @unchecked Sendable {
    struct Fault: Error {
        var message: String
        /// Characters into the expression.
        var offset: Int
    }

    /// PCRE2's match limit: some tens of milliseconds at worst.
    private static let matchLimit: UInt32 = 200_000
    private static let depthLimit: UInt32 = 2_000
    /// Kibibytes.
    private static let heapLimit: UInt32 = 8_192
    private static let mostMatches = 100

    private let code: OpaquePointer

    init(_ expression: String) throws(Fault) {
        var errorCode: Int32 = 0
        var errorOffset = 0
        let bytes = Array(expression.utf8)
        let compiled = bytes.withUnsafeBufferPointer { buffer in
            pcre2_compile_8(
                buffer.baseAddress, buffer.count,
                PCRE2_UTF | PCRE2_UCP | PCRE2_CASELESS | PCRE2_NEVER_BACKSLASH_C | PCRE2_MATCH_INVALID_UTF,
                &errorCode, &errorOffset, nil)
        }
        guard let compiled else {
            var message = [UInt8](repeating: 0, count: 256)
            let length = pcre2_get_error_message_8(errorCode, &message, message.count)
            let text = length > 0 ? String(decoding: message.prefix(Int(length)), as: UTF8.self) : "error \(errorCode)"
            let before = String(decoding: bytes.prefix(min(errorOffset, bytes.count)), as: UTF8.self)
            throw Fault(message: text, offset: before.count)
        }
        var matchesEmpty: UInt32 = 0
        pcre2_pattern_info_8(compiled, UInt32(PCRE2_INFO_MATCHEMPTY), &matchesEmpty)
        guard matchesEmpty == 0 else {
            pcre2_code_free_8(compiled)
            throw Fault(message: "it can match nothing at all, so it matches everywhere", offset: 0)
        }
        pcre2_jit_compile_8(compiled, PCRE2_JIT_COMPLETE)
        code = compiled
    }

    deinit {
        pcre2_code_free_8(code)
    }

    /// Byte ranges of the first matches; `gaveUp` when a limit stopped the search.
    func find(in bytes: UnsafeBufferPointer<UInt8>) -> (ranges: [Range<Int>], gaveUp: Bool) {
        guard let base = bytes.baseAddress, !bytes.isEmpty else { return ([], false) }
        guard let data = pcre2_match_data_create_from_pattern_8(code, nil) else { return ([], true) }
        defer { pcre2_match_data_free_8(data) }
        let context = pcre2_match_context_create_8(nil)
        defer { pcre2_match_context_free_8(context) }
        pcre2_set_match_limit_8(context, Self.matchLimit)
        pcre2_set_depth_limit_8(context, Self.depthLimit)
        pcre2_set_heap_limit_8(context, Self.heapLimit)

        var ranges: [Range<Int>] = []
        var position = 0
        while position < bytes.count, ranges.count < Self.mostMatches {
            var result = pcre2_match_8(code, base, bytes.count, position, PCRE2_NOTEMPTY, data, context)
            if result == PCRE2_ERROR_JIT_STACKLIMIT {
                result = pcre2_match_8(
                    code, base, bytes.count, position, PCRE2_NOTEMPTY | PCRE2_NO_JIT, data, context)
            }
            if result == PCRE2_ERROR_NOMATCH { break }
            guard result >= 0, let offsets = pcre2_get_ovector_pointer_8(data) else { return (ranges, true) }
            // \K can put the start behind the end; such a match has no text.
            let (start, end) = (offsets[0], offsets[1])
            guard start < end, end <= bytes.count else { break }
            ranges.append(start..<end)
            position = max(end, position + 1)
        }
        return (ranges, false)
    }

    static var version: String {
        var text = [UInt8](repeating: 0, count: 64)
        let length = pcre2_config_8(UInt32(PCRE2_CONFIG_VERSION), &text)
        return length > 0 ? String(decoding: text.prefix(max(0, Int(length) - 1)), as: UTF8.self) : "?"
    }
}
