/// Whether a reader sees anything of a text: feeds have titles of nothing but joiners, fillers and overrides, and a link of such a one
/// cannot be hit.
package enum VisibleText {
    package static func isVisible(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            switch scalar.value {
            case 0x21...0x7E: return true
            // BRAILLE PATTERN BLANK: of category So, and an empty square.
            case 0x2800: return false
            default: break
            }
            let properties = scalar.properties
            // Default ignorable are the zero widths, the fillers of Hangul, variation selectors and tags (Unicode, section 5.21).
            if properties.isWhitespace || properties.isDefaultIgnorableCodePoint { return false }
            switch properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .nonspacingMark, .enclosingMark, .spaceSeparator,
                .lineSeparator, .paragraphSeparator:
                return false
            default: return true
            }
        }
    }
}
