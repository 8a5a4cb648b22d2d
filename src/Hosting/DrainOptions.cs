using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Hosting;

/// <summary>Configures how a host drains before it stops.</summary>
public sealed class DrainOptions
{
    /// <summary>The default of a host that runs behind a proxy: 5 seconds.</summary>
    public static readonly TimeSpan DefaultDrainDelay = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The default of a host without others: 1 second. Nothing takes its requests over, but clients learn with a
    /// response that their connection will be closed, and none of their requests is lost on the way.
    /// </summary>
    public static readonly TimeSpan SingleNodeDrainDelay = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a stopping host continues to serve requests while its readiness check fails
    /// (<c>Hosting:DrainDelay</c>): zero to one minute. It must be longer than a proxy takes to detect the failure.
    /// </summary>
    /// <value>
    /// The default depends on the host: <see cref="DefaultDrainDelay"/> in a cluster,
    /// <see cref="SingleNodeDrainDelay"/> for the embedded topology.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00",
        ErrorMessage = "Hosting:DrainDelay must be a time from 00:00:00 to 00:01:00.")]
    public TimeSpan DrainDelay { get; set; } = DefaultDrainDelay;
}
