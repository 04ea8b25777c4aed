/**
 * dbt's behaviour flags under `flags:`, and how it always is here; null: both values are understood, or it has no meaning
 * here.
 */
export const behaviourFlags: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['require_ref_searches_node_package_before_root', null],
  ['require_unique_project_resource_names', false],
  ['require_resource_names_without_spaces', true],
  ['require_explicit_package_overrides_for_builtin_materializations', true],
  ['require_batched_execution_for_custom_microbatch_strategy', true],
  ['require_generic_test_arguments_property', null],
  ['require_yaml_configuration_for_mf_time_spines', null],
  ['require_nested_cumulative_type_params', null],
  ['require_all_warnings_handled_by_warn_error', true],
  ['require_sql_header_in_test_configs', null],
  ['require_corrected_analysis_fqns', null],
  ['restrict_direct_pg_catalog_access', null],
  ['skip_nodes_if_on_run_start_fails', true],
  ['source_freshness_run_project_hooks', null],
  ['state_modified_compare_more_unrendered_values', true],
  ['state_modified_compare_vars', null],
  ['validate_macro_args', true],
  ['latest_version_pointer_enabled_by_default', null],
  ['enable_truthy_nulls_equals_macro', null],
])
