using System.Net.NetworkInformation;

namespace KeysCluster.Api.Hosting;

/// <summary>
/// Finds ports that are taken before anything starts. Orleans binds its own in a way that two processes can share, and
/// would then take each other's connections.
/// </summary>
public static class Ports
{
    /// <exception cref="StartupException">One of the ports is taken; the message names its setting.</exception>
    public static void EnsureFree(params ReadOnlySpan<(string Setting, int Port)> ports)
    {
        var taken = IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners();
        foreach (var (setting, port) in ports)
        {
            if (taken.Any(listener => listener.Port == port))
                throw new StartupException($"port {port} is in use; set {setting} to another one.");
        }
    }

    /// <summary>The ports of the addresses on which REST is to be served.</summary>
    public static (string Setting, int Port)[] OfUrls(IConfiguration configuration) =>
    [
        .. (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries)
            .Select(url => ("urls", Address(url.Trim()).Port))
            .Where(port => port.Port != 0),
    ];

    /// <exception cref="StartupException">It is no address.</exception>
    internal static BindingAddress Address(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            throw new StartupException($"'{url}' in urls is no address such as http://127.0.0.1:5080.");
        }
    }
}
