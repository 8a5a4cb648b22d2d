using System.Net.NetworkInformation;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Hosting;

/// <summary>
/// Detects ports that are in use before the host starts. Orleans binds its ports so that a second process can share
/// them; the two processes would then receive each other's connections.
/// </summary>
public static class PortCheck
{
    /// <exception cref="StartupException">A port is in use. The message names its setting.</exception>
    public static void EnsureFree(params ReadOnlySpan<(string Setting, int Port)> ports)
    {
        var listeners = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        foreach (var (setting, port) in ports)
        {
            if (listeners.Any(listener => listener.Port == port))
                throw new StartupException($"Port {port} is in use; set {setting} to another one.");
        }
    }

    /// <summary>Returns the ports of the configured addresses, without dynamic ports (0).</summary>
    /// <exception cref="StartupException">One of the addresses is invalid.</exception>
    public static (string Setting, int Port)[] FromAddresses(IConfiguration configuration) =>
    [
        .. HostAddresses.Get(configuration)
            .Select(address => (address.Setting, address.Address.Port))
            .Where(port => port.Port != 0),
    ];
}
