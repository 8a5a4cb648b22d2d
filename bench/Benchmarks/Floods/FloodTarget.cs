using System.Net;

namespace KeysCluster.Benchmarks.Floods;

/// <summary>The silo that a flood is sent to.</summary>
/// <param name="Port">The port of the REST API on this machine.</param>
/// <param name="ApiKey">A valid API key of another project than that of the measured client.</param>
internal sealed record FloodTarget(int Port, string ApiKey)
{
    /// <summary>The address of the generator, which is not that of the measured client.</summary>
    public static IPAddress ClientAddress { get; } = IPAddress.Parse("127.0.0.2");
}
