namespace KeysCluster.Benchmarks.Rotation;

/// <summary>
/// A way to make a durable change of a key. All workers share it, and only one worker changes a key at a time.
/// </summary>
internal interface IRotation : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Creates the keys for the following loops. This is not measured.</summary>
    Task PrepareAsync(int keys);

    /// <summary>Changes a key. Pass 0 is its first change.</summary>
    Task RotateAsync(int worker, int key, int pass);
}
