using KeysCluster.Grains.Deliveries;
using KeysCluster.Grains.SecretHolders;
using KeysCluster.Grains.Tests.TestSilo;
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
