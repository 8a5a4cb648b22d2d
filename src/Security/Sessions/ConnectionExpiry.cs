using Microsoft.AspNetCore.Connections;

namespace KeysCluster.Security.Sessions;

/// <summary>
/// Aborts a connection when the certificate that opened it expires. The client connects again with its new one. Once a
/// day it also aborts a connection whose token is of a replaced key, so that the client receives another one.
/// </summary>
internal sealed class ConnectionExpiry : IAsyncDisposable
{
    /// <summary>How often the key of the token is checked. Timers have a limit of 49 days.</summary>
    private static readonly TimeSpan MaxDelay = TimeSpan.FromDays(1);

    private readonly ConnectionContext _connection;
    private readonly DateTimeOffset _validUntil;
    private readonly Func<bool> _isKeyCurrent;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;

    public ConnectionExpiry(
        ConnectionContext connection, DateTimeOffset validUntil, Func<bool> isKeyCurrent, TimeProvider time)
    {
        (_connection, _validUntil, _isKeyCurrent, _time) = (connection, validUntil, isKeyCurrent, time);
        _timer = time.CreateTimer(_ => Check(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Check();
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    private void Check()
    {
        var remaining = _validUntil - _time.GetUtcNow();
        if (remaining <= TimeSpan.Zero)
            _connection.Abort(new ConnectionAbortedException("The certificate of the connection has expired."));
        else if (!_isKeyCurrent())
            _connection.Abort(new ConnectionAbortedException("The session key of the connection was replaced."));
        else
            _timer.Change(remaining < MaxDelay ? remaining : MaxDelay, Timeout.InfiniteTimeSpan);
    }
}
