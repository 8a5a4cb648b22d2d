using KeysCluster.Api.Errors;

namespace KeysCluster.Api.Http;

/// <summary>A handler parameter that is read and validated before the handler runs.</summary>
internal interface IBoundParameter
{
    /// <summary>The reason why the parameter is invalid; null if it is valid.</summary>
    ErrorResult? Error { get; }
}
