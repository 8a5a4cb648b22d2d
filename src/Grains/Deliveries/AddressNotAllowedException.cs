namespace KeysCluster.Grains.Deliveries;

/// <summary>A host of a webhook has no address to which this service may connect.</summary>
internal sealed class AddressNotAllowedException() : IOException("The host has no address that is allowed.");
