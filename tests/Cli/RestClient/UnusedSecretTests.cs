namespace KeysCluster.Cli.Tests.RestClient;

public sealed class UnusedSecretTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(61, null, true)]
    [InlineData(61, 120, true)]
    [InlineData(61, 59, false)]
    [InlineData(180, 61, true)]
    [InlineData(1, null, false)]
    [InlineData(1, 120, false)]
    public void A_secret_is_unused_after_an_hour_without_a_use_since_its_replacement(
        int replacedMinutesAgo, int? usedMinutesAgo, bool expected)
    {
        var secret = new RetiringSecret
        {
            Id = "secret_1",
            DisplayPrefix = "vk-lw-live_1",
            ValidUntil = Now.AddHours(1),
            LastUsedAt = usedMinutesAgo is { } minutes ? Now.AddMinutes(-minutes) : null,
        };

        Assert.Equal(expected, secret.IsUnused(Now.AddMinutes(-replacedMinutesAgo), Now));
    }
}
