using System.Net;
using System.Net.Sockets;

namespace KeysCluster.Api.Callers;

/// <summary>The addresses of clients, by which they are limited and logged.</summary>
internal static class ClientAddressExtensions
{
    private const int NetworkBytes = 8;

    /// <summary>
    /// Returns the address of the client, which a trusted proxy may have passed on; <see cref="IPAddress.None"/> if the
    /// connection has none.
    /// </summary>
    public static IPAddress GetClientAddress(this HttpContext context) =>
        context.Connection.RemoteIpAddress?.Normalize() ?? IPAddress.None;

    /// <summary>Returns the <see cref="GetNetwork"/> of the client's address.</summary>
    public static IPAddress GetClientNetwork(this HttpContext context) => context.GetClientAddress().GetNetwork();

    /// <summary>
    /// Returns an address of IPv4 in its own form. A host that listens on IPv6 sees it as ::ffff:192.0.2.1, and all of
    /// them in the same /64.
    /// </summary>
    public static IPAddress Normalize(this IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    /// <summary>
    /// Returns the /64 of an address of IPv6, all addresses of which one client has, and an address of IPv4 as it is.
    /// </summary>
    public static IPAddress GetNetwork(this IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6) return address;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        bytes[NetworkBytes..].Clear();
        return new IPAddress(bytes);
    }
}
