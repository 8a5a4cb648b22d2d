namespace KeysCluster.Grains.Tests.TestSilo;

/// <summary>Runs an operation with a fault: it may fail or block, before or after the operation.</summary>
internal delegate Task InjectedFault(Func<Task> operation);
