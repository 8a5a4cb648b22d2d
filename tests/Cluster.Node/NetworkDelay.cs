#pragma warning disable RS0030 // Random delays of a test. Nothing secret is generated here.
namespace KeysCluster.Cluster.Node;

/// <summary>
/// The latency of a network that also loses packets. TCP sends a lost packet again after a timeout, so the receiver
/// only sees it late.
/// </summary>
/// <param name="Latency">The delay of each packet.</param>
/// <param name="LossRate">The share of packets that are lost.</param>
/// <param name="Retransmission">The additional delay of a lost packet.</param>
internal sealed record NetworkDelay(TimeSpan Latency, double LossRate, TimeSpan Retransmission)
{
    public static NetworkDelay None { get; } = new(TimeSpan.Zero, 0, TimeSpan.Zero);

    public TimeSpan Next() => Random.Shared.NextDouble() < LossRate ? Latency + Retransmission : Latency;
}
