namespace KeysCluster.Grains.Tests.Linearizability;

internal enum CallerStep { Rotate, Validate, Revoke, Get, AdvanceOneMinute, Deactivate }
