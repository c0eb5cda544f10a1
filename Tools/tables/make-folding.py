#!/usr/bin/env python3
"""Writes Sources/TextAnalysis/Tables/FoldingData.swift and HanVariantData.swift.

    python3 Tools/tables/make-folding.py            (from the top of the repository)

Sources: the Unicode Character Database as Python's `unicodedata` has it (Unicode licence), and ICU's transform
Traditional-Simplified through `uconv` of Debian's icu-devtools (Unicode licence). The rules beyond case folding and
NFKC are ours; Sources/TextAnalysis/Folding.swift says what they are for.
"""
import subprocess
import unicodedata as ud

# Kinds and bits: Sources/TextAnalysis/CharacterEntry.swift has the same list.
OTHER, WORD, IDEO, EXTEND, DROP, MARK, APOSTROPHE, HYPHEN, DOT, STOP, COMMA, SPACE, LINE, MULTI, SENTENCE = range(15)
LATIN, CYRILLIC, GREEK, ARABIC, HEBREW, ALPHABET = (1 << k for k in range(6))
UPPER, LOWER, MARKED, DIGIT, COMPAT = (1 << k for k in range(5))

def span(*pairs):
    return {c for a, b in pairs for c in range(a, b + 1)}

DROPPED = span((0xAD, 0xAD), (0x34F, 0x34F), (0x61C, 0x61C), (0x640, 0x640), (0x180B, 0x180E), (0x200B, 0x200F),
               (0x202A, 0x202E), (0x2060, 0x206F), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFF9, 0xFFFB))
MARKS = span((0x300, 0x34E), (0x350, 0x36F), (0x483, 0x489), (0x591, 0x5BD), (0x5BF, 0x5BF), (0x5C1, 0x5C2),
             (0x5C4, 0x5C5), (0x5C7, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670), (0x6D6, 0x6DC),
             (0x6DF, 0x6E4), (0x6E7, 0x6E8), (0x6EA, 0x6ED), (0x8D3, 0x8E1), (0x8E3, 0x8FF), (0x1AB0, 0x1AFF),
             (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0x3099, 0x309A), (0xFE20, 0xFE2F), (0xFF9E, 0xFF9F))
APOSTROPHES = {0x27, 0x60, 0xB4, 0x2B9, 0x2BB, 0x2BC, 0x2BD, 0x2BE, 0x2BF, 0x2C8, 0x2CA, 0x2CB, 0x55A, 0x5F3, 0x2018,
               0x2019, 0x201B, 0x2032, 0xA78B, 0xA78C, 0xFF07}
HYPHENS = {0x2D, 0x58A, 0x5BE, 0x2010, 0x2011, 0x2012, 0x2013, 0x2212, 0xFE63, 0xFF0D}
DOTS = {0xB7, 0x387, 0x16EB, 0x2022, 0x2027, 0x2219, 0x22C5, 0x30FB, 0xFF65}
STOPS = {0x2E, 0xFF0E, 0x2024}
COMMAS = {0x2C, 0x55D, 0x60C, 0x3001, 0xFE50, 0xFF0C, 0xFF64}
SENTENCES = {0x21, 0x3F, 0x589, 0x61F, 0x6D4, 0x964, 0x965, 0x203C, 0x203D, 0x2047, 0x2048, 0x2049, 0x3002, 0xFF01, 0xFF1F,
             0xFF61, 0x61E, 0x104A, 0x104B, 0x17D4, 0x1362}
LINES = {0xA, 0xB, 0xC, 0xD, 0x85, 0x2028, 0x2029}
# Scripts without spaces, or whose words are searched by substring: each letter is a token.
IDEO_RANGES = span((0xE00, 0xEFF), (0x1000, 0x109F), (0x1100, 0x11FF), (0x1780, 0x17FF), (0x2E80, 0x2FDF), (0x3005, 0x3007),
                   (0x3021, 0x3029), (0x3038, 0x303C), (0x3041, 0x318F), (0x31A0, 0x31BF), (0x31F0, 0x31FF), (0x3400, 0x4DBF),
                   (0x4E00, 0x9FFF), (0xA000, 0xA4CF), (0xA960, 0xA97F), (0xAA60, 0xAA7F), (0xA9E0, 0xA9FF), (0xAC00, 0xD7FF),
                   (0xF900, 0xFAFF), (0xFF66, 0xFFDC))
# Letters that have no decomposition but are another letter with a stroke, a hook or no dot.
BASES = {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ŋ": "n", "ı": "i", "ĸ": "k", "ƶ": "z", "ɨ": "i",
         "ʉ": "u", "ɵ": "o", "ƀ": "b", "ƃ": "b", "ɓ": "b", "ƈ": "c", "ɖ": "d", "ɗ": "d", "ƌ": "d", "ǝ": "ə", "ƒ": "f",
         "ɠ": "g", "ɡ": "g", "ǥ": "g", "ɩ": "i", "ɪ": "i", "ƙ": "k", "ƚ": "l", "ɫ": "l", "ƞ": "n", "ɲ": "n", "ƥ": "p",
         "ƭ": "t", "ƫ": "t", "ʈ": "t", "ʋ": "v", "ƴ": "y", "ɏ": "y", "ȥ": "z", "ⱬ": "z", "ⱪ": "k", "ⱨ": "h", "ꞑ": "n",
         "ⱥ": "a", "ȼ": "c", "ɇ": "e", "ɉ": "j", "ɍ": "r", "ⱡ": "l", "ɛ": "e", "ɔ": "o",
         "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij", "ǆ": "dz", "ǉ": "lj", "ǌ": "nj", "ß": "ss"}
# Cyrillic letters that decompose: only stress marks come off, and ё is what most Russian print writes as е.
CYRILLIC_BASES = {"ё": "е", "ѐ": "е", "ѝ": "и"}
# Arabic-script letters that are one letter in every orthography that we read. Nothing here joins two letters of Uyghur:
# ى ي ې, ە ه ھ and و ۇ ۆ ۈ ۋ stay apart.
ARABIC_BASES = {"ک": "ك", "ڪ": "ك", "ی": "ي", "ے": "ي", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ٲ": "ا", "ٳ": "ا",
                "ؤ": "و", "ة": "ه", "ہ": "ه", "ۃ": "ه", "ۀ": "ه", "ۂ": "ه", "ۓ": "ي", "ٴ": "", "ٵ": "ا", "ٶ": "و",
                "ٷ": "ۇ", "ٸ": "ى"}

def script(c):
    name = ud.name(c, "")
    for prefix, bit in (("LATIN", LATIN), ("CYRILLIC", CYRILLIC), ("GREEK", GREEK), ("ARABIC", ARABIC), ("HEBREW", HEBREW)):
        if name.startswith(prefix):
            return bit
    return ALPHABET

def letters(c):
    """The folded letters of one character, and the flags that tell what was given up."""
    flags = 0
    compat = ud.normalize("NFKC", c)
    if compat != c and ud.normalize("NFC", c) != compat:
        flags |= COMPAT
    if c.lower() != c:
        flags |= UPPER
    elif c.upper() != c:
        flags |= LOWER
    out = ""
    for k in compat.casefold() if c != "İ" else "i":
        kind = script(k)
        base = k
        if kind in (LATIN, GREEK):
            base = "".join(x for x in ud.normalize("NFD", k) if not ud.combining(x)) or k
            base = "".join(BASES.get(x, x) for x in base)
        elif kind == CYRILLIC:
            base = CYRILLIC_BASES.get(k, k)
        elif kind == ARABIC:
            base = ARABIC_BASES.get(k, k)
        if base != k and k != "ß":
            flags |= MARKED
        if ord(k) in MARKS or ord(k) in DROPPED:
            continue
        if k == "ς":
            base = "σ"
        if ud.category(k) == "Nd":
            base = str(ud.decimal(k))
        out += base
    return out, flags

def entry(cp):
    c = chr(cp)
    cat = ud.category(c)
    if cp in DROPPED or (cat == "Cf" and cp not in range(0x600, 0x606)): return (DROP, 0, 0, cp)
    if cp in MARKS: return (MARK, 0, 0, {0xFF9E: 0x3099, 0xFF9F: 0x309A}.get(cp, cp))
    for group, kind in ((APOSTROPHES, APOSTROPHE), (HYPHENS, HYPHEN), (DOTS, DOT), (STOPS, STOP), (COMMAS, COMMA),
                        (SENTENCES, SENTENCE), (LINES, LINE)):
        if cp in group: return (kind, 0, 0, cp)
    if cat == "Zs" or cp == 9: return (SPACE, 0, 0, 0x20)
    if cp in range(0x2B0, 0x300) and ud.normalize("NFKC", c) == c: return (DROP, 0, 0, cp) if cat == "Lm" else (OTHER, 0, 0, cp)
    if cp in IDEO_RANGES and cat[0] in "LMN":
        if cat[0] == "M": return (EXTEND, 0, 0, cp)
        folded = ud.normalize("NFKC", c)
        if cat == "Nd": return (WORD, 0, DIGIT, ord(str(ud.decimal(c))))
        return (IDEO, 0, COMPAT if folded != c else 0, ord(folded) if len(folded) == 1 and ord(folded) < 0x10000 else cp)
    if cat == "Nd": return (WORD, 0, DIGIT | (COMPAT if cp > 0x39 else 0), ord(str(ud.decimal(c))))
    if cat[0] == "L" or cat in ("Nl", "No", "So"):
        out, flags = letters(c)
        if cat[0] != "L":
            if not out or out == c or not all(ud.category(x)[0] in "LN" and ord(x) < 0x250 for x in out) or "⁄" in out:
                return (OTHER, 0, 0, cp)
        if not out: return (DROP, 0, 0, cp)
        bits = 0
        for x in out:
            if x.isalpha(): bits |= script(x)
            elif x.isdigit(): flags |= DIGIT
        if any(not x.isalnum() and ud.category(x)[0] != "M" for x in out): return (OTHER, 0, 0, cp)
        if len(out) == 1: return (WORD, bits, flags, ord(out))
        return (MULTI, bits, flags, out)
    if cat in ("Mn", "Mc", "Me"): return (EXTEND, 0, 0, cp)
    return (OTHER, 0, 0, cp)

def table(cps):
    rows, expansions, run = [], [], None
    for cp in cps:
        kind, bits, flags, unit = entry(cp) if not 0xD800 <= cp < 0xE000 else (OTHER, 0, 0, cp)
        if kind == OTHER:
            continue
        if kind == MULTI:
            expansions.append(unit)
            unit = len(expansions) - 1
        rows.append((cp, kind | bits << 4 | flags << 10, unit))
    return rows, expansions

def runs(rows):
    """Rows of equal class whose code points and units both go up by one stride: [start, count, stride, top, unit, step]."""
    out, used = [], set()
    by = {cp: (top, unit) for cp, top, unit in rows}
    for cp, top, unit in rows:
        if cp in used: continue
        best = (1, 1, 0)
        for stride in (1, 2):
            for step in (0, 1, 2):
                n = 1
                while by.get(cp + n * stride) == (top, unit + n * step) and cp + n * stride not in used: n += 1
                if n > best[0]: best = (n, stride, step)
        n, stride, step = best
        used.update(cp + k * stride for k in range(n))
        out.append((cp, n, stride, top, unit, step))
    return out

def swift(name, doc, lines, path):
    body = "\n".join("        " + x if x else "" for x in lines)
    with open(path, "w", encoding="utf-8") as f:
        f.write(f"// Made by Tools/tables/make-folding.py from Unicode {ud.unidata_version}; do not edit.\n\n{doc}\nenum {name} {{\n")
        f.write(body.replace("        static", "    static").rstrip() + "\n}\n")

def literal(name, items, width=100):
    lines, line = [], ""
    for x in items:
        if len(line) + len(x) + 1 > width:
            lines.append(line)
            line = ""
        line += (" " if line else "") + x
    lines.append(line)
    return [f'static let {name}: StaticString = """', *lines, '"""', ""]

bmp, expansions = table(range(0x10000))
maths, more = table(range(0x1D400, 0x1D800))
assert not more
bmp_runs, maths_runs = runs(bmp), runs(maths)
hexes = lambda rs: [",".join(format(x, "x") for x in r) for r in rs]
swift("FoldingData", "/// The folding of characters, packed: `CharacterTable` unpacks it once.\n///\n"
      "/// A run is `first,count,stride,class,unit,step` in hexadecimal: character first + k·stride has that class and folds\n"
      "/// to unit + k·step. Characters that no run names separate words.",
      [x for x in literal("basicPlane", hexes(bmp_runs)) + literal("mathematical", hexes(maths_runs))
       + literal("expansions", expansions)], "Sources/TextAnalysis/Tables/FoldingData.swift")
print(len(bmp), "entries", len(bmp_runs), "runs", len(expansions), "expansions")

han = [chr(c) for c in [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000)]]
simple = subprocess.run(["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Traditional-Simplified"],
                        input="\n".join(han), capture_output=True, text=True, check=True).stdout.split("\n")
assert len(simple) == len(han)
pairs = {t: s for t, s in zip(han, simple) if t != s and len(s) == 1 and ord(s) < 0x10000}
# Written variants of one character that the transform leaves alone.
pairs.update(dict(zip("裏衞爲啟牀羣峯喫竈敍鉤綫汚凃恆", "里卫为启床群峰吃灶叙钩线污涂恒")))
swift("HanVariantData", "/// Pairs of a traditional or variant character and the simplified one that both fold to.",
      literal("pairs", [t + s for t, s in sorted(pairs.items())]), "Sources/TextAnalysis/Tables/HanVariantData.swift")
print(len(pairs), "Han pairs")
