using KeysCluster.Grains.Storage;

namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Takes a number of batches to erase a project, of which it erases nothing.</summary>
internal sealed class TestProjectEraser : IProjectEraser
{
    private int _batches;

    public int BatchCount => _batches;

    public Task<bool> EraseBatchAsync(string project, CancellationToken cancellationToken) =>
        Task.FromResult(Interlocked.Increment(ref _batches) % 3 == 0);
}
