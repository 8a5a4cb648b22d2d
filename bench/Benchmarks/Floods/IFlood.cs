namespace KeysCluster.Benchmarks.Floods;

/// <summary>Requests from another client than the measured one.</summary>
internal interface IFlood
{
    /// <summary>Sends requests until it is stopped, and blocks the thread meanwhile.</summary>
    /// <param name="onStarted">Is called when all connections are open.</param>
    /// <param name="stop">Stops the flood.</param>
    /// <returns>The figures without the times.</returns>
    FloodResult Run(Action onStarted, CancellationToken stop);
}
