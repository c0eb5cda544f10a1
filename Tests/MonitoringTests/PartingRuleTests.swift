import Foundation
import Monitoring
import Testing

@Suite struct PartingRuleTests {
    private static let now = Date(timeIntervalSince1970: 1_543_240_800)

    @Test(
        arguments: [
            (500, 5, 3600.0, true, true), (503, 9, 86_400, true, true), (451, 5, 3600, true, true),
            // Too few tries, or too soon.
            (500, 4, 3600, true, false), (500, 5, 3599, true, false),
            // It takes nothing at all: half a day.
            (500, 12, 43_199, false, false), (500, 12, 43_200, false, true),
            // About us, and not about what was sent.
            (429, 9, 86_400, true, false), (408, 9, 86_400, true, false), (421, 9, 86_400, true, false),
            (nil, 9, 86_400, true, false),
        ] as [(Int?, Int, Double, Bool, Bool)])
    func `a message is parted when its content may be what keeps it back`(
        _ status: Int?, _ attempt: Int, _ age: Double, _ tookOthers: Bool, _ isDue: Bool
    ) {
        #expect(
            PartingRule.isDue(
                status: status, attempt: attempt, firstTry: Self.now - age, now: Self.now, tookOthers: tookOthers)
                == isDue)
    }
}
