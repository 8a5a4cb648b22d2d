namespace KeysCluster.Api.Idempotency;

/// <summary>
/// Marks a member of an idempotent request that was added after the first version. At its default it does not change
/// the hash of the request, which stored records contain. Every member that is added needs it.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AddedMemberAttribute : Attribute;
