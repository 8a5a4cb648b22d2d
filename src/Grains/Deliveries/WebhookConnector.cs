using System.Net;
using System.Net.Sockets;
using KeysCluster.Grains.Webhooks;

namespace KeysCluster.Grains.Deliveries;

/// <summary>
/// Connects to the hosts of webhooks: it resolves a host name, checks the addresses, and connects to one of those that
/// it has checked, so that the name cannot stand for another address meanwhile.
/// </summary>
internal sealed class WebhookConnector(WebhookUrlRules rules, IHostResolver resolver)
{
    /// <exception cref="AddressNotAllowedException">No address of the host is allowed.</exception>
    /// <exception cref="SocketException">No connection was made.</exception>
    public async ValueTask<Stream> ConnectAsync(DnsEndPoint endpoint, CancellationToken cancellationToken)
    {
        var addresses = IPAddress.TryParse(endpoint.Host, out var literal)
            ? [literal]
            : await resolver.ResolveAsync(endpoint.Host, cancellationToken);
        var allowed = addresses.Where(rules.IsAllowed).ToArray();
        if (allowed.Length == 0) throw new AddressNotAllowedException();

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, endpoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
