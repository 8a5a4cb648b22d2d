namespace KeysCluster.Grains.Tests.Linearizability;

internal enum Step { Rotate, Validate, Revoke, Get, AdvanceOneMinute, Deactivate }
