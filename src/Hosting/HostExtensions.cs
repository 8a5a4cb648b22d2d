using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KeysCluster.Hosting;

/// <summary>Extensions of <see cref="IHost"/>.</summary>
public static class HostExtensions
{
    /// <summary>
    /// Starts the host. If one of its services fails to start, the host stops those that have started. A silo then
    /// leaves its cluster and releases its lease; without that, the other silos would wait for the lease to expire.
    /// </summary>
    /// <exception cref="Exception">The exception of the service that failed to start.</exception>
    public static async Task StartOrStopAsync(this IHost host)
    {
        try
        {
            await host.StartAsync();
            host.Services.GetService<HostStartState>()?.SetStarted();
        }
        catch
        {
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
