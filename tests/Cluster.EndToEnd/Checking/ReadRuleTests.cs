using KeysCluster.Cluster.EndToEnd.History;
using static KeysCluster.Cluster.EndToEnd.Checking.CheckerAssert;
using static KeysCluster.Cluster.EndToEnd.Checking.HistoryBuilder;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Tests the rules of reads and lists with histories that violate them, and with the closest ones that do not.
/// </summary>
public sealed class ReadRuleTests
{
    [Fact]
    public void A_read_shows_every_change_that_was_acknowledged_before_it_started()
    {
        var before = new HistoryBuilder().GetView(1);
        foreach (var kind in (CallKind[])[CallKind.Read, CallKind.List])
        {
            var disabled = (double end) => new HistoryBuilder().Change(CallKind.Disable, 2, end);
            AssertViolates(RuleNames.StaleRead, disabled(3).Read(4, 5, before, kind));
            AssertNoViolation(disabled(4.5).Read(4, 5, before, kind));
            AssertNoViolation(disabled(3).Read(4, 5, kind: kind));
        }

        AssertViolates(RuleNames.StaleRead, new HistoryBuilder().ListWithoutKey(2, 3));
    }

    [Fact]
    public void A_read_shows_a_change_that_no_cache_waits_for_after_the_duration_of_a_lease()
    {
        var before = new HistoryBuilder().GetView(1);
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 86_400, "b");

        AssertNoViolation(rotated().Read(7.9, 8, before));
        AssertViolates(RuleNames.StaleRead, rotated().Read(8.1, 9, before));
        AssertViolates(RuleNames.StaleRead, rotated().Read(4, 5, before, CallKind.List));
    }

    [Fact]
    public void Lists_do_not_go_back()
    {
        var before = new HistoryBuilder().GetView(1);
        var disabled = () =>
            new HistoryBuilder().Change(CallKind.Disable, 2, 3, status: 503, isApplied: true).Read(4, 5);

        AssertViolates(RuleNames.StaleRead, disabled().Read(6, 7, before, CallKind.List));
        AssertNoViolation(disabled().Read(4.5, 7, before, CallKind.List));
    }

    [Fact]
    public void A_response_shows_a_state_that_existed()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, "b");
        var view = rotated().GetView(4);

        AssertNoViolation(rotated().Read(4, 5, view));
        AssertViolates(RuleNames.WrongRead, rotated().Read(4, 5, view with { Revision = 3 }));
        AssertViolates(RuleNames.WrongRead, rotated().Read(4, 5, view with { IsRevoked = true }));
        AssertViolates(RuleNames.WrongRead, rotated().Read(4, 5, view with { ExpiresAt = TimeAt(9) }));
        AssertViolates(RuleNames.WrongRead,
            rotated().Read(4, 5, view with { Retiring = new Dictionary<string, DateTimeOffset>() }));
        AssertNoViolation(rotated().Read(
            101.9, 102, view with { Retiring = new Dictionary<string, DateTimeOffset>() }));
        AssertViolates(RuleNames.WrongRead, rotated().Read(102, 103, view));
        AssertViolates(RuleNames.WrongRead,
            rotated().WithLastCall(call => call with { View = view with { Secret = "a" } }));
    }
}
