using Microsoft.AspNetCore.Connections;

namespace KeysCluster.Security.Sessions;

/// <summary>
/// Aborts a connection when the certificate that opened it expires. The client connects again with its new one.
/// </summary>
internal sealed class ConnectionExpiry : IAsyncDisposable
{
    /// <summary>Timers have a limit of 49 days.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    private readonly ConnectionContext _connection;
    private readonly DateTimeOffset _validUntil;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ConnectionExpiry(ConnectionContext connection, DateTimeOffset validUntil, TimeProvider time)
    {
        (_connection, _validUntil, _time) = (connection, validUntil, time);
        _timer = time.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Check()
    {
        var remaining = _validUntil - _time.GetUtcNow();
        if (remaining <= TimeSpan.Zero)
            _connection.Abort(new ConnectionAbortedException("The certificate of the connection has expired."));
        else
            _timer.Change(remaining < MaxDelay ? remaining : MaxDelay, Timeout.InfiniteTimeSpan);
    }
}
