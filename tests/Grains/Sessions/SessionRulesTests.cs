using KeysCluster.Grains.Sessions;
using KeysCluster.Sessions;

namespace KeysCluster.Grains.Tests.Sessions;

public sealed class SessionRulesTests
{
    private static readonly DateTimeOffset Start = TestData.Start;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly byte[] FirstToken = [1];
    private static readonly byte[] SecondToken = [2];
    private static readonly byte[] ThirdToken = [3];

    [Fact]
    public void A_token_is_replaced_when_it_is_used_at_its_age()
    {
        var early = Use(NewSession(), FirstToken, Start + SessionLimits.TokenAge - Tick);
        var due = Use(NewSession(), FirstToken, Start + SessionLimits.TokenAge);

        Assert.Equal(SessionOutcome.Accepted, early.Outcome);
        Assert.Null(early.State.NextToken);
        Assert.Equal(SessionOutcome.Accepted, due.Outcome);
        Assert.Equal(SecondToken, due.State.NextToken);
    }

    [Fact]
    public void Requests_in_parallel_receive_the_same_replacement()
    {
        var first = Use(NewSession(), FirstToken, Start + SessionLimits.TokenAge);

        var second = Use(first.State, FirstToken, Start + (2 * SessionLimits.TokenAge), ThirdToken);

        Assert.Equal(SecondToken, second.State.NextToken);
    }

    [Fact]
    public void A_lost_response_loses_no_session()
    {
        var issued = Use(NewSession(), FirstToken, Start + SessionLimits.TokenAge).State;

        var later = Use(issued, FirstToken, Start + (20 * SessionLimits.TokenAge));

        Assert.Equal(SessionOutcome.Accepted, later.Outcome);
    }

    [Fact]
    public void A_replaced_token_is_accepted_until_the_end_of_its_grace_and_then_ends_the_session()
    {
        var session = ReplacedSession(out var replacedAt);

        var inside = Use(session, FirstToken, replacedAt + SessionLimits.ReplacedTokenGrace - Tick);
        var outside = Use(session, FirstToken, replacedAt + SessionLimits.ReplacedTokenGrace);

        Assert.Equal(SessionOutcome.Accepted, inside.Outcome);
        Assert.Equal(SessionOutcome.Reused, outside.Outcome);
    }

    [Fact]
    public void A_token_before_the_replaced_one_ends_the_session_at_once()
    {
        var session = ReplacedSession(out var replacedAt);
        var due = replacedAt + SessionLimits.TokenAge;
        session = Use(session, SecondToken, due, ThirdToken).State;
        session = Use(session, ThirdToken, due).State;

        Assert.Equal(SessionOutcome.Reused, Use(session, FirstToken, due).Outcome);
    }

    [Fact]
    public void A_token_that_was_never_issued_ends_the_session() =>
        Assert.Equal(SessionOutcome.Reused, Use(NewSession(), ThirdToken, Start).Outcome);

    [Fact]
    public void A_session_ends_when_it_is_idle()
    {
        Assert.Equal(
            SessionOutcome.Accepted, Use(NewSession(), FirstToken, Start + SessionLimits.IdleTimeout - Tick).Outcome);
        Assert.Equal(SessionOutcome.Expired, Use(NewSession(), FirstToken, Start + SessionLimits.IdleTimeout).Outcome);
    }

    [Fact]
    public void A_session_ends_at_its_maximum_age_although_it_is_used()
    {
        var end = Start + SessionLimits.MaxAge;
        var session = NewSession() with { UsedAt = end - SessionLimits.TokenAge };

        Assert.Equal(SessionOutcome.Accepted, Use(session, FirstToken, end - Tick).Outcome);
        Assert.Equal(SessionOutcome.Expired, Use(session, FirstToken, end).Outcome);
    }

    /// <summary>A session whose first token was replaced by the second one.</summary>
    private static SessionState ReplacedSession(out DateTimeOffset replacedAt)
    {
        replacedAt = Start + SessionLimits.TokenAge;
        var issued = Use(NewSession(), FirstToken, replacedAt).State;
        return Use(issued, SecondToken, replacedAt).State;
    }

    private static SessionState NewSession() => SessionRules.Start(
        "console_1", new StartSessionCommand([0], Sha256Digest.Compute(FirstToken)), Start);

    private static SessionDecision Use(
        SessionState session, byte[] token, DateTimeOffset now, byte[]? newToken = null) =>
        SessionRules.Use(session, Sha256Digest.Compute(token), newToken ?? SecondToken, now);
}
