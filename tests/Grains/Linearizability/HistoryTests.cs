using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>The search for an order must reject the histories of known faults.</summary>
public sealed class HistoryTests
{
    private static readonly Response Done = new Response.Changed(ChangeOutcome.Done);

    private static Call Validate(char secret, long start, long end, VerdictCode code) =>
        new(new Request.Validate(secret), start, end, new Response.Validated(code));

    private static Call Get(long start, long end, long revision, char current) =>
        new(new Request.Get(), start, end, new Response.Retrieved(revision, current, IsRevoked: false));

    private static bool IsLinearizable(params Call[] calls) => new History(calls).IsLinearizable();

    [Fact]
    public void A_secret_may_or_may_not_be_accepted_while_its_rotation_is_in_progress()
    {
        var rotation = new Call(new Request.Rotate('b'), 1, 10, Done);

        Assert.True(IsLinearizable(rotation, Validate('b', 2, 3, VerdictCode.NotFound)));
        Assert.True(IsLinearizable(rotation, Validate('b', 2, 3, VerdictCode.Active)));
        Assert.True(IsLinearizable(
            rotation, Validate('b', 2, 3, VerdictCode.NotFound), Validate('b', 4, 5, VerdictCode.Active)));
    }

    [Fact]
    public void A_secret_that_was_accepted_once_must_not_become_unknown()
    {
        var rotation = new Call(new Request.Rotate('b'), 1, 10, Done);

        Assert.False(IsLinearizable(
            rotation, Validate('b', 2, 3, VerdictCode.Active), Validate('b', 4, 5, VerdictCode.NotFound)));
    }

    [Fact]
    public void A_secret_must_not_be_unknown_after_its_rotation_was_acknowledged() => Assert.False(IsLinearizable(
        new Call(new Request.Rotate('b'), 1, 2, Done), Validate('b', 3, 4, VerdictCode.NotFound)));

    [Fact]
    public void No_secret_is_accepted_after_a_revocation_was_acknowledged() => Assert.False(IsLinearizable(
        new Call(new Request.Revoke(), 1, 2, Done), Validate('a', 3, 4, VerdictCode.Active)));

    [Fact]
    public void A_call_without_a_response_may_take_effect_later_or_never()
    {
        var rotation = Call.WithoutResponse(new Request.Rotate('b'), 1);

        Assert.True(IsLinearizable(rotation, Validate('b', 8, 9, VerdictCode.NotFound)));
        Assert.True(IsLinearizable(rotation, Validate('b', 8, 9, VerdictCode.Active)));
        Assert.False(IsLinearizable(Validate('b', 8, 9, VerdictCode.Active), rotation with { Start = 10 }));
    }

    [Fact]
    public void A_lost_update_is_detected()
    {
        Call[] rotations = [new(new Request.Rotate('b'), 1, 4, Done), new(new Request.Rotate('c'), 2, 5, Done)];

        Assert.True(IsLinearizable([.. rotations, Get(6, 7, revision: 3, current: 'b')]));
        Assert.False(IsLinearizable([.. rotations, Get(6, 7, revision: 2, current: 'b')]));
    }
}
