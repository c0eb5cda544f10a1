/// Sixteen bytes of text, looked at in one step each.
///
/// Both sides of a comparison have to be vectors: with a scalar it becomes a loop over the lanes (Swift 6.3).
typealias SixteenBytes = SIMD16<UInt8>

extension SixteenBytes {
    @inline(__always)
    init(at start: UnsafePointer<UInt8>) {
        self = UnsafeRawPointer(start).loadUnaligned(as: Self.self)
    }

    /// Fewer than sixteen, and NUL behind them.
    @inline(__always)
    init(at start: UnsafePointer<UInt8>, count: Int) {
        self.init(repeating: 0)
        withUnsafeMutableBytes(of: &self) {
            $0.copyMemory(from: UnsafeRawBufferPointer(start: start, count: count))
        }
    }

    @inline(__always)
    func write(to start: UnsafeMutablePointer<UInt8>) {
        UnsafeMutableRawPointer(start).storeBytes(of: self, as: Self.self)
    }
}

extension SIMDMask<SIMD16<Int8>> {
    /// The first lane that is set, or 16.
    @inline(__always)
    var first: Int {
        // A mask has sixteen bytes too, and no other way to its bits.
        let halves = unsafeBitCast(self, to: SIMD2<UInt64>.self)
        if halves.x | halves.y == 0 { return 16 }
        if halves.x != 0 { return halves.x.littleEndian.trailingZeroBitCount &>> 3 }
        return 8 &+ halves.y.littleEndian.trailingZeroBitCount &>> 3
    }
}
