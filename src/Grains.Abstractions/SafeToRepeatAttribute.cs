namespace KeysCluster;

/// <summary>
/// The same call, made again after its answer was lost, ends as if it had been made once, whatever others did in between.
/// Front ends repeat such calls when the silo that they reached went away; any other only when it was surely not carried out.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SafeToRepeatAttribute : Attribute;
