namespace KeysCluster.Api.Errors;

/// <summary>Endpoint metadata: an error that the endpoint can return.</summary>
internal sealed record DocumentedError(ErrorResult Error);
