namespace KeysCluster.Grains.Tests.Linearizability;

internal enum Fault { None, FailBefore, LoseResponse }
