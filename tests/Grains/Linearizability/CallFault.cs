namespace KeysCluster.Grains.Tests.Linearizability;

internal enum CallFault { None, FailBefore, LoseResponse }
