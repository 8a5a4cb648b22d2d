namespace KeysCluster.Api.Http;

/// <summary>Marks a request whose body may be empty, because each of its members has a default.</summary>
internal interface IOptionalBody;
