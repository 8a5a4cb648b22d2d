using KeysCluster.Security.Sessions;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Time.Testing;

namespace KeysCluster.Grains.Tests.Security;

public sealed class ConnectionExpiryTests
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    private readonly FakeTimeProvider _clock = new(TestData.Start);
    private readonly Connection _connection = new();

    [Fact]
    public async Task A_connection_ends_when_its_certificate_expires()
    {
        await using var expiry = new ConnectionExpiry(_connection, TestData.Start + 3 * Day, () => true, _clock);

        _clock.Advance(3 * Day - TestData.Millisecond);
        Assert.False(_connection.IsAborted);
        _clock.Advance(TestData.Millisecond);
        Assert.True(_connection.IsAborted);
    }

    /// <summary>Before the pepper of the key is removed, the client needs another token.</summary>
    [Fact]
    public async Task A_connection_ends_within_a_day_after_the_key_of_its_token_was_replaced()
    {
        var isKeyCurrent = true;
        await using var expiry = new ConnectionExpiry(
            _connection, TestData.Start + 30 * Day, () => isKeyCurrent, _clock);
        for (var days = 0; days < 3; days++) _clock.Advance(Day);
        Assert.False(_connection.IsAborted);

        isKeyCurrent = false;
        _clock.Advance(Day);
        Assert.True(_connection.IsAborted);
    }

    private sealed class Connection : DefaultConnectionContext
    {
        public bool IsAborted { get; private set; }

        public override void Abort(ConnectionAbortedException abortReason) => IsAborted = true;
    }
}
