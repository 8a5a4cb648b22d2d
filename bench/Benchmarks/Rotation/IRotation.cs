namespace KeysCluster.Benchmarks.Rotation;

/// <summary>A way to make one durable change of one key. Workers share it; a key is changed by one worker at a time.</summary>
internal interface IRotation : IAsyncDisposable
{
    string Name { get; }

    /// <summary>Makes fresh keys for the loops that follow; not measured.</summary>
    Task PrepareAsync(int keys);

    /// <summary>Changes a key: for the first time after its creation when <paramref name="pass"/> is 0, then again.</summary>
    Task RotateAsync(int worker, int key, int pass);
}
