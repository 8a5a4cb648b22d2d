namespace KeysCluster.Api.Http;

/// <summary>
/// Endpoint metadata: callers with fewer permissions get a response of this type, also with status 200.
/// </summary>
/// <param name="Type">The type of the body.</param>
internal sealed record PartialResponse(Type Type);
