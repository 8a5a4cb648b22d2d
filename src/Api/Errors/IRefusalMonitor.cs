namespace KeysCluster.Api.Errors;

/// <summary>Counts and logs the requests that are refused with 403.</summary>
internal interface IRefusalMonitor
{
    /// <summary>Records a request that got a 403.</summary>
    /// <param name="context">The request.</param>
    /// <param name="reason">The reason.</param>
    /// <param name="missingPermissions">The permissions that the caller lacks; empty for any other reason.</param>
    void RecordRefusal(HttpContext context, RefusalReason reason, IReadOnlyList<string> missingPermissions);
}
