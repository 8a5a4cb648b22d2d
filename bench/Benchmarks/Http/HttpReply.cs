namespace KeysCluster.Benchmarks.Http;

/// <summary>A response, until the next one on its connection.</summary>
/// <param name="status">The status code.</param>
/// <param name="body">The body as it was sent, with the sizes of chunks.</param>
internal readonly ref struct HttpReply(int status, ReadOnlySpan<byte> body)
{
    public int Status { get; } = status;

    public ReadOnlySpan<byte> Body { get; } = body;
}
