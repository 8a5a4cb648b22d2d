using System.ComponentModel.DataAnnotations;

namespace KeysCluster.Hosting;

/// <summary>Configures traces and metrics.</summary>
internal sealed class TelemetryOptions
{
    /// <summary>
    /// The part of the requests that is traced (<c>Hosting:TraceSampleRatio</c>): 0 to 1. A span makes a grain call
    /// several times slower. The standard variable <c>OTEL_TRACES_SAMPLER</c> replaces this setting.
    /// </summary>
    /// <value>The default is 0.01.</value>
    [Range(0.0, 1.0, ErrorMessage = "Hosting:TraceSampleRatio must be a number from 0 to 1.")]
    public double TraceSampleRatio { get; set; } = 0.01;
}
