namespace KeysCluster.Api.Hosting;

/// <summary>How hosts of the front end start.</summary>
public static class HostStart
{
    /// <summary>
    /// Starts the host. When a part does not start, the parts that did are stopped as in any other stop, so that a silo leaves
    /// its cluster and gives up its lease, for which the others would wait.
    /// </summary>
    /// <exception cref="Exception">Why it did not start.</exception>
    public static async Task StartOrStop(this IHost host)
    {
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await host.StopAsync().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }
}
