using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Tests.TestSilo;
using KeysCluster.Secrets;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Deliveries;

/// <summary>Which expiries are announced, and when.</summary>
[Collection(ClusterTests.Name)]
public sealed class ExpiryScannerTests
{
    private readonly KeysTestCluster _cluster;
    private readonly TestExpirySource _source = new();
    private readonly FakeLogger<ExpiryScanner> _logger = new();
    private readonly FakeTimeProvider _clock = new();
    private ExpiryScanner _scanner;
    private WebhookCursor _cursor;

    public ExpiryScannerTests(KeysTestCluster cluster)
    {
        _cluster = cluster;
        _clock.SetUtcNow(cluster.Now);
        _scanner = CreateScanner();
        _cursor = new WebhookCursor(cluster.Now, Position: null, AnnouncedUntil: cluster.Now.AddMinutes(-1));
    }

    [Fact]
    public async Task A_key_that_fails_delays_no_other_and_is_announced_later()
    {
        var failing = await CreateExpiringAsync();
        var other = await CreateExpiringAsync();
        failing.Writes.FailNext(2);

        await ScanAsync();
        Assert.Equal(EventTypes.Expiring, other.Stored.LastEvent.Type);
        Assert.NotEqual(EventTypes.Expiring, failing.Stored.LastEvent.Type);
        Assert.Single(_logger.Collector.GetSnapshot());

        // It is not called by each scan, and the next leader knows of it.
        await ScanAsync();
        Assert.Equal([failing.Id.ToString()], _cursor.Unannounced!.Keys);
        _scanner = CreateScanner();
        await ScanAsync();
        Assert.NotEqual(EventTypes.Expiring, failing.Stored.LastEvent.Type);

        _clock.Advance(ExpiryScanner.RepeatPeriod);
        await ScanAsync();
        Assert.Equal(EventTypes.Expiring, failing.Stored.LastEvent.Type);
        Assert.Null(_cursor.Unannounced);
    }

    [Fact]
    public async Task A_retiring_secret_is_announced_although_another_of_the_key_expires_first()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        var first = key.First;
        var second = await RotateAsync(key, TimeSpan.FromMinutes(50));
        await RotateAsync(key, TimeSpan.FromMinutes(70));
        await RecordUseAsync(key, first);
        await RecordUseAsync(key, second);
        await ScanAsync();
        Assert.Equal([$"{key.GetSecretId(first)}"], GetAnnounced(key));

        // The first one has not expired yet.
        _cluster.Clock.Advance(TimeSpan.FromMinutes(10));
        _clock.Advance(TimeSpan.FromMinutes(10));
        await ScanAsync();
        Assert.Equal([$"{key.GetSecretId(second)}", $"{key.GetSecretId(first)}"], GetAnnounced(key));
    }

    [Fact]
    public async Task A_retiring_secret_that_is_first_used_in_its_last_hour_is_announced_once()
    {
        var key = await GrainTestKey.CreateAsync(_cluster);
        await RotateAsync(key, TimeSpan.FromMinutes(50));
        await ScanAsync();
        Assert.Empty(GetAnnounced(key));

        await RecordUseAsync(key, key.First);
        _clock.Advance(ExpiryScanner.RepeatPeriod);
        await ScanAsync();
        Assert.Equal([$"{key.GetSecretId(key.First)}"], GetAnnounced(key));

        var version = key.Row.Version;
        _clock.Advance(ExpiryScanner.RepeatPeriod);
        await ScanAsync();
        Assert.Equal(version, key.Row.Version);
    }

    /// <summary>Returns the ids of the announced secrets, latest first.</summary>
    private static IEnumerable<string> GetAnnounced(GrainTestKey key) =>
        key.Stored.Secrets.Replaced.Where(secret => secret.ExpiryWarning is not null).Select(secret => secret.Id);

    private Task RecordUseAsync(GrainTestKey key, Secret secret) =>
        key.Grain.RecordUse(key.GetSecretId(secret), _cluster.Now);

    /// <summary>Rotates, and has the database find the key by the deadline that is the earliest.</summary>
    private async Task<Secret> RotateAsync(GrainTestKey key, TimeSpan grace)
    {
        var secret = key.Mint();
        Assert.Equal(ChangeOutcome.Done, (await key.RotateAsync(secret, grace)).Outcome);
        if (_source.Retiring.Count == 0) _source.Retiring.Add((key.Id, _cluster.Now + grace));
        return secret;
    }

    private ExpiryScanner CreateScanner() => new(_source, _cluster.Grains, _clock, _logger);

    private async Task ScanAsync() => _cursor = await _scanner.ScanAsync(_cursor, default);

    /// <summary>Creates a key that expires in a day.</summary>
    private async Task<GrainTestKey> CreateExpiringAsync()
    {
        var key = GrainTestKey.Unknown(_cluster);
        var expiresAt = _cluster.Now.AddDays(1);
        var created = await key.Grain.Create(key.NewCreateCommand(key.First) with { ExpiresAt = expiresAt });
        Assert.Equal(ChangeOutcome.Done, created.Outcome);
        _source.Expiring.Add((key.Id, expiresAt));
        return key;
    }
}
