#pragma warning disable RS0030 // Random delays of a test. Nothing secret is generated here.
namespace KeysCluster.Cluster.Node;

/// <summary>The latency of a network that also loses packets, which TCP sends again after a timeout.</summary>
/// <param name="Latency">The delay of each packet.</param>
/// <param name="LossRate">The share of packets that are lost.</param>
/// <param name="Retransmission">The additional delay of a lost packet.</param>
internal sealed record PeerDelay(TimeSpan Latency, double LossRate, TimeSpan Retransmission)
{
    public static PeerDelay None { get; } = new(TimeSpan.Zero, 0, TimeSpan.Zero);

    public TimeSpan Next() => Random.Shared.NextDouble() < LossRate ? Latency + Retransmission : Latency;
}
