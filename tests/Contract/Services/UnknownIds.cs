namespace KeysCluster.Contract.Tests.Services;

/// <summary>Well-formed ids that belong to nothing.</summary>
internal static class UnknownIds
{
    public const string VirtualKey = "vk_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Project = "project_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string ApiKey = "apikey_01ARZ3NDEKTSV4RRFFQ69G5FAV";
    public const string Secret = "secret_01ARZ3NDEKTSV4RRFFQ69G5FAV";
}
