using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Secrets;
using KeysCluster.Grains.VirtualKeys;

namespace KeysCluster.Grains.Tests.VirtualKeys;

public sealed class ExpiryNoticeRuleTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void An_expiry_is_announced_once_for_each_number_of_days()
    {
        var key = new RuleTestKey(Start, expiresAt: Start.AddDays(30)).State;
        Assert.Same(key, ExpiryNotices.RecordExpiry(key, 7, Start.AddDays(22)).State);

        foreach (var days in ExpiryNotices.DaysAhead)
        {
            var now = Start.AddDays(30 - days);
            var announced = ExpiryNotices.RecordExpiry(key, days, now).State!;
            Assert.Equal(days == 0 ? EventTypes.Expired : EventTypes.Expiring, announced.LastEvent.Type);
            Assert.Equal(days, announced.ExpiryNotice!.DaysAhead);
            Assert.Equal(key.Revision, announced.Revision);
            Assert.Equal(key.UpdatedAt, announced.UpdatedAt);
            Assert.Same(announced, ExpiryNotices.RecordExpiry(announced, days, now).State);
            key = announced;
        }

        // A call that was late.
        Assert.Same(key, ExpiryNotices.RecordExpiry(key, 7, Start.AddDays(31)).State);
    }

    [Fact]
    public void Another_expiry_is_announced_again_and_none_of_a_revoked_key()
    {
        var key = new RuleTestKey(Start, expiresAt: Start.AddDays(2)).State;
        var announced = ExpiryNotices.RecordExpiry(key, 1, Start.AddDays(1)).State!;
        var extended = announced with { ExpiresAt = Start.AddDays(9) };
        Assert.NotSame(extended, ExpiryNotices.RecordExpiry(extended, 7, Start.AddDays(2)).State);

        var revoked = key with { RevokedAt = Start };
        Assert.Same(revoked, ExpiryNotices.RecordExpiry(revoked, 0, Start.AddDays(3)).State);
    }

    [Fact]
    public void A_retiring_secret_in_use_is_announced_once_within_its_last_hour()
    {
        var test = new RuleTestKey(Start);
        var first = test.State.Secrets.CurrentSecret.Id;
        test.Rotate(Start, TimeSpan.FromHours(24));
        var uses = new Dictionary<string, SecretUse> { [first] = new(Start.AddHours(2), "203.0.113.7") };
        var key = test.State with { Secrets = test.State.Secrets.WithLastUsed(uses) };
        var due = Start.AddHours(23);

        Assert.Same(key, ExpiryNotices.RecordExpiringSecrets(key, due.AddSeconds(-1)).State);
        var announced = ExpiryNotices.RecordExpiringSecrets(key, due).State!;
        Assert.Equal(EventTypes.SecretExpiringInUse, announced.LastEvent.Type);
        Assert.Equal(first, announced.LastEvent.SecretId);
        var warning = announced.FindSecret(first)!.ExpiryWarning!;
        Assert.Equal(Start.AddHours(24), warning.ValidUntil);
        Assert.Equal(Start.AddHours(2), warning.LastUsedAt);
        Assert.Equal("203.0.113.7", warning.LastUsedFrom);
        Assert.Same(announced, ExpiryNotices.RecordExpiringSecrets(announced, due.AddMinutes(1)).State);
    }

    [Fact]
    public void A_retiring_secret_that_nobody_uses_is_not_announced()
    {
        var test = new RuleTestKey(Start);
        var first = test.State.Secrets.CurrentSecret.Id;
        test.Rotate(Start.AddDays(1), TimeSpan.FromHours(24));
        var due = Start.AddDays(2).AddHours(-1);
        Assert.Same(test.State, ExpiryNotices.RecordExpiringSecrets(test.State, due).State);

        var uses = new Dictionary<string, SecretUse> { [first] = new(due.AddHours(-24).AddSeconds(-1)) };
        var key = test.State with { Secrets = test.State.Secrets.WithLastUsed(uses) };
        Assert.Same(key, ExpiryNotices.RecordExpiringSecrets(key, due).State);
    }
}
