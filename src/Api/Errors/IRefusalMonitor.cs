namespace KeysCluster.Api.Errors;

/// <summary>Counts and logs the requests that are refused with 403.</summary>
internal interface IRefusalMonitor
{
    /// <summary>Records a request that got a 403.</summary>
    void RecordRefusal(HttpContext context, RefusalReason reason);
}
