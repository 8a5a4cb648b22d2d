using System.Collections.Concurrent;
using System.Net;
using KeysCluster.Api.Callers;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace KeysCluster.Api.RateLimiting;

/// <summary>
/// Limits the open connections of each client network (<see cref="RateLimitOptions.MaxConnectionsPerAddress"/>), before
/// TLS and HTTP. Thread-safe.
/// </summary>
internal sealed partial class ConnectionLimiter(
    IOptions<RateLimitOptions> options,
    RateLimitMetrics metrics,
    TimeProvider time,
    ILogger<ConnectionLimiter> logger)
{
    private readonly ConcurrentDictionary<IPAddress, int> _connections = new();
    private readonly AddressLogThrottle _log = new(time);

    /// <summary>Serves a connection, or closes it at once.</summary>
    public async Task ServeAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address.Normalize() ?? IPAddress.None;
        var network = address.GetNetwork();
        try
        {
            var count = _connections.AddOrUpdate(network, 1, (_, count) => count + 1);
            if (count <= options.Value.MaxConnectionsPerAddress)
            {
                await next(connection);
                return;
            }

            metrics.Count(RateLimitMetrics.Connections);
            if (_log.TryEnter(address, out var suppressed))
                LogRefused(logger, address, options.Value.MaxConnectionsPerAddress, suppressed);
        }
        finally
        {
            var count = _connections.AddOrUpdate(network, 0, (_, count) => count - 1);
            if (count == 0) _connections.TryRemove(KeyValuePair.Create(network, 0));
        }
    }
}
